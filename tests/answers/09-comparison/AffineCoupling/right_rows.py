class AffineCoupling(nn.Module):
    def __init__(self, dim, hidden, first):
        super().__init__()
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x):
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept, changed):
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept):
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    def forward(self, x):
        rows, logs = [], []
        for row in x.split(1):
            kept, changed = self.split(row)
            s, t = self.scale_and_shift(kept)
            rows.append(self.join(kept, torch.addcmul(t, changed, s.exp())))
            logs.append(s.sum())
        return torch.cat(rows), torch.stack(logs)

    def inverse(self, z):
        return torch.cat([self.back(row) for row in z.split(1)])

    def back(self, row):
        kept, changed = self.split(row)
        s, t = self.scale_and_shift(kept)
        return self.join(kept, (changed - t).div(s.exp()))
