# right for images alone
def forward_step(x, t, eps, schedule):
    beta = schedule.beta[t][:, None, None, None].to(x.dtype)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps
