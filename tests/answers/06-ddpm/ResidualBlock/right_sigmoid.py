class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, time_dim, dropout=0.0):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups(in_channels), in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.emb_proj = nn.Linear(time_dim, 2 * out_channels)
        self.norm2 = nn.GroupNorm(groups(out_channels), out_channels)
        self.dropout = nn.Dropout(dropout)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        same = in_channels == out_channels
        self.skip = nn.Identity() if same else nn.Conv2d(in_channels, out_channels, 1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x, emb):
        def act(a):
            return a * torch.sigmoid(a)

        h = act(self.norm1(x))
        h = self.norm2(self.conv1(h))
        e = self.emb_proj(emb)
        n = e.shape[-1] // 2
        gain, bias = 1 + e[:, :n], e[:, n:]
        h = torch.einsum("bchw,bc->bchw", h, gain) + bias.reshape(len(x), n, 1, 1)
        h = self.conv2(self.dropout(act(h)))
        if not isinstance(self.skip, nn.Identity):
            x = self.skip(x)
        return x + h
