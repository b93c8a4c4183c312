def forward_step(x, t, eps, schedule):
    shrink = schedule.alpha.sqrt()[t].to(x)
    noise = schedule.beta.sqrt()[t].to(x)
    return torch.einsum("b...,b->b...", x, shrink) + torch.einsum("b...,b->b...", eps, noise)
