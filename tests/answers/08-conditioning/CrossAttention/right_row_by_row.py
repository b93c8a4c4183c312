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
        rows = []
        for i in range(len(x)):
            c = context[i] if mask is None else context[i][mask[i]]
            q, k, v = self.split(self.to_q(x[i])), self.split(self.to_k(c)), self.split(self.to_v(c))
            rows.append(scaled_dot_product_attention(q, k, v).transpose(0, 1).flatten(1))
        return self.out(torch.stack(rows))

    def split(self, a):
        return a.reshape(len(a), self.heads, -1).transpose(0, 1)
