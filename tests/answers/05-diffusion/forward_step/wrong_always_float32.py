# float32 out, whatever comes in
def forward_step(x, t, eps, schedule):
    beta = schedule.beta[t].view(-1, *[1] * (x.dim() - 1))
    return ((1 - beta).sqrt() * x + beta.sqrt() * eps).float()
