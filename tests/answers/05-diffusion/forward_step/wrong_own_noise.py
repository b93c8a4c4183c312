# draws noise of its own
def forward_step(x, t, eps, schedule):
    beta = at(schedule.beta, t, x)
    return (1 - beta).sqrt() * x + beta.sqrt() * torch.randn_like(x)
