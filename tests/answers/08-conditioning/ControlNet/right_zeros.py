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
        unet = self.unet
        condition = unet.condition(xt, t, cond, mask)
        h, kept = unet.encode(unet.enter(xt), *condition)
        add = (0, [0] * len(kept))
        if control is not None:
            if len(control) != len(xt):
                raise ValueError("a control for each row")
            add = self.branch(xt, t, cond, control, mask=mask)
        return unet.decode(h + add[0], [sum(pair) for pair in zip(kept, add[1])], *condition)
