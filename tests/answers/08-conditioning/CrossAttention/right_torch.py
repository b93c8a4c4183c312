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
        if mask is not None:
            mask = mask[:, None, None]
        read = nn.functional.scaled_dot_product_attention(
            self.split(self.to_q(x)), self.split(self.to_k(context)), self.split(self.to_v(context)), attn_mask=mask)
        return self.out(torch.cat(read.unbind(1), -1))

    def split(self, a):
        return torch.stack(a.chunk(self.heads, -1), 1)
