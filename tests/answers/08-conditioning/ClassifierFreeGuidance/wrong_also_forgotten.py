# what else the network is given is not handed on
# raises: TypeError
class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        c = self.model(xt, t, cond)
        u = self.model(xt, t, null_like(self.null, cond))
        return (1 + self.w) * c - self.w * u
