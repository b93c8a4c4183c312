# the mask is ignored
class CrossAttention(nn.Module):
    def __init__(self, dim, context_dim, heads=4):
        super().__init__()
        if heads < 1 or dim % heads:
            raise ValueError(f"dim is {dim}, wanted a multiple of heads, {heads}")
        self.heads = heads
        self.to_q = nn.Linear(dim, dim)
        self.to_k = nn.Linear(context_dim, dim)
        self.to_v = nn.Linear(context_dim, dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x, context, mask=None):
        q, k, v = self.split(self.to_q(x)), self.split(self.to_k(context)), self.split(self.to_v(context))
        mask = None
        read = scaled_dot_product_attention(q, k, v, mask)
        read = read.transpose(1, 2).flatten(2)
        return self.out(read)

    def split(self, a):
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)
