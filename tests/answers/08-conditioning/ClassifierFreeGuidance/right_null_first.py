class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        b = len(xt)
        conds = torch.cat((null_like(self.null, cond), cond), dim=0)
        more = [torch.cat((a, a)) for a in also]
        eps = self.model(xt.repeat(2, *[1] * (xt.ndim - 1)), t.repeat(2), conds, *more)
        return eps[:b] + (1 + self.w) * (eps[b:] - eps[:b])
