# the control is 0 for the unconditional one
class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        c = self.model(xt, t, cond, *also)
        u = self.model(xt, t, null_like(self.null, cond), *(0 * a for a in also))
        return (1 + self.w) * c - self.w * u
