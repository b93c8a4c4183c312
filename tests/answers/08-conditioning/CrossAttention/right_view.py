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
        B, L, dim = x.shape
        M, d = context.shape[1], dim // self.heads
        q = self.to_q(x).view(B, L, self.heads, d).permute(0, 2, 1, 3)
        k = self.to_k(context).view(B, M, self.heads, d).permute(0, 2, 1, 3)
        v = self.to_v(context).view(B, M, self.heads, d).permute(0, 2, 1, 3)
        if mask is not None:
            mask = mask.view(B, 1, 1, M).expand(B, self.heads, L, M)
        read = scaled_dot_product_attention(q, k, v, mask)
        return self.out(read.permute(0, 2, 1, 3).reshape(B, L, dim))

    def split(self, a):
        raise NotImplementedError
