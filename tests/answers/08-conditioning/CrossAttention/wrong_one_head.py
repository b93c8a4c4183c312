# the heads are not split
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
        mask = None if mask is None else mask[:, None, :]
        return self.out(scaled_dot_product_attention(self.to_q(x), self.to_k(context), self.to_v(context), mask))
