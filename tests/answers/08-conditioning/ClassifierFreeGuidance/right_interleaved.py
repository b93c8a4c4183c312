class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        twice = lambda a: a.repeat_interleave(2, 0)
        conds = twice(cond).clone()
        conds[1::2] = torch.as_tensor(self.null, dtype=cond.dtype)
        eps = self.model(twice(xt), twice(t), conds, *[twice(a) for a in also])
        return (1 + self.w) * eps[::2] - self.w * eps[1::2]
