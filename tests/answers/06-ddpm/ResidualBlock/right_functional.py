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
        F = nn.functional
        h = F.conv2d(F.silu(self.norm1(x)), self.conv1.weight, self.conv1.bias, padding=1)
        both = F.linear(emb, self.emb_proj.weight, self.emb_proj.bias)
        scale, shift = both.split(both.shape[1] // 2, dim=1)
        h = self.norm2(h)
        h = h + h * scale.view(*scale.shape, 1, 1) + shift.view(*shift.shape, 1, 1)
        h = F.dropout(F.silu(h), self.dropout.p, self.training)
        return self.conv2(h).add(self.skip(x))
