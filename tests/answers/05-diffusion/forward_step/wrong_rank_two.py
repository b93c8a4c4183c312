# right for matrices alone
def forward_step(x, t, eps, schedule):
    beta = schedule.beta[t][:, None].to(x.dtype)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps
