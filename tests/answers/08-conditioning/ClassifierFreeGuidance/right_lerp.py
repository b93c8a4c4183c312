class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        with torch.no_grad():
            none = self.model(xt, t, null_like(self.null, cond).clone(), *also)
            full = self.model(xt, t, cond, *also)
            return torch.lerp(none, full, 1.0 + self.w)
