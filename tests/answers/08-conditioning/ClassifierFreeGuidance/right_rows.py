class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        out = []
        for i in range(len(xt)):
            s = slice(i, i + 1)
            rest = [a[s] for a in also]
            c = self.model(xt[s], t[s], cond[s], *rest)
            u = self.model(xt[s], t[s], null_like(self.null, cond[s]), *rest)
            out.append(c + self.w * c - self.w * u)
        return torch.cat(out)
