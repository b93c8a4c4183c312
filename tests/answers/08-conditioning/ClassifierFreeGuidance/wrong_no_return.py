# no return
class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        c = self.model(xt, t, cond, *also)
        u = self.model(xt, t, null_like(self.null, cond), *also)
        out = (1 + self.w) * c - self.w * u
