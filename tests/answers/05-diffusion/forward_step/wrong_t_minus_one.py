# tables are taken to begin with t = 1
def forward_step(x, t, eps, schedule):
    beta = at(schedule.beta, t - 1, x)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps
