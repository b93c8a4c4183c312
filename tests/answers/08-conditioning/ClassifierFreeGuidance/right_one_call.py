class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        conds = torch.cat([cond, null_like(self.null, cond)])
        eps = self.model(torch.cat([xt, xt]), torch.cat([t, t]), conds, *(torch.cat([a, a]) for a in also))
        eps_cond, eps_uncond = eps.chunk(2)
        return eps_cond + self.w * (eps_cond - eps_uncond)
