# the control is ignored
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
        return self.unet(xt, t, cond, mask)
