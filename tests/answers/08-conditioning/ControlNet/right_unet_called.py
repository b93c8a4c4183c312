class ControlNet(nn.Module):
    def __init__(self, unet, control_channels=1):
        super().__init__()
        self.branch = Branch(lock_and_copy(unet), control_channels)
        self.unet = unet
        self.control_channels = control_channels

    def train(self, mode=True):
        super().train(mode)
        self.unet.eval()
        return self

    def forward(self, xt, t, cond=None, control=None, mask=None):
        if control is None:
            return self.unet(xt, t, cond, mask)
        condition = self.unet.condition(xt, t, cond, mask)
        first = self.unet.enter(xt)
        h, kept = self.unet.encode(first, *condition)
        middle, extra = self.branch(xt, t, cond, control, mask)
        return self.unet.decode(torch.add(h, middle), list(map(torch.add, kept, extra)), *condition)
