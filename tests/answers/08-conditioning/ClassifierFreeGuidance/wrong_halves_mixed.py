# every other row in place of halves
class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        conds = torch.cat([cond, null_like(self.null, cond)])
        eps = self.model(torch.cat([xt, xt]), torch.cat([t, t]), conds, *(torch.cat([a, a]) for a in also))
        return (1 + self.w) * eps[::2] - self.w * eps[1::2]
