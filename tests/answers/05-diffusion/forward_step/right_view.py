def forward_step(x, t, eps, schedule):
    beta = schedule.beta[t].to(x.dtype).view(-1, *[1] * (x.dim() - 1))
    return (1 - beta).sqrt() * x + beta.sqrt() * eps
