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
        with torch.no_grad():
            emb, context, m = unet.condition(xt, t, cond, mask)
            h, kept = unet.encode(unet.enter(xt), emb, context, m)
        if control is not None:
            middle, extra = self.branch(xt, t, cond, control.to(xt.dtype), mask)
            h = h + middle
            kept = [kept[i] + extra[i] for i in range(len(kept))]
        return unet.decode(h, kept, emb, context, m)
