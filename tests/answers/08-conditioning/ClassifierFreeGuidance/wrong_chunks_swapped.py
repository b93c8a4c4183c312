# null comes first in the batch, and its half is taken for the conditional one
class ClassifierFreeGuidance(nn.Module):
    def __init__(self, model, w, null):
        super().__init__()
        self.model, self.w, self.null = model, w, null
        self.training = getattr(model, "training", False)

    def forward(self, xt, t, cond, *also):
        conds = torch.cat([null_like(self.null, cond), cond])
        eps_cond, eps_uncond = self.model(torch.cat([xt, xt]), torch.cat([t, t]), conds, *(torch.cat([a, a]) for a in also)).chunk(2)
        return (1 + self.w) * eps_cond - self.w * eps_uncond
