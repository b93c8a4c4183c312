# the caller's conditions are overwritten
class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        c = self.model(xt, t, cond.clone(), *also)
        cond[:] = torch.as_tensor(self.null, dtype=cond.dtype)
        u = self.model(xt, t, cond, *also)
        return (1 + self.w) * c - self.w * u
