class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        eps_cond = self.model(xt, t, cond, *also)
        eps_uncond = self.model(xt, t, null_like(self.null, cond), *also)
        return (1 + self.w) * eps_cond - self.w * eps_uncond
