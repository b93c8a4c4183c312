# the inverse changes what it is given
# raises: RuntimeError
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
        a, b = self.split(x)
        s, t = self.scale_and_shift(a)
        b = b * s.exp() + t
        return self.join(a, b), s.sum(dim=1)

    def inverse(self, z):
        kept, changed = self.split(z)
        s, t = self.scale_and_shift(kept)
        changed -= t
        changed *= torch.exp(-s)
        return self.join(kept, changed)
