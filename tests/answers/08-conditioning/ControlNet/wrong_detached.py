# what the branch gives is detached
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
        condition = self.unet.condition(xt, t, cond, mask)
        h, kept = self.unet.encode(self.unet.enter(xt), *condition)
        if control is None:
            return self.unet.decode(h, kept, *condition)
        middle, extra = self.branch(xt, t, cond, control, mask)
        return self.unet.decode(h + middle.detach(), [k + e.detach() for k, e in zip(kept, extra)], *condition)
