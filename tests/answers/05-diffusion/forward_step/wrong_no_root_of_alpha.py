# the square root of alpha is missing
def forward_step(x, t, eps, schedule):
    beta = at(schedule.beta, t, x)
    return (1 - beta) * x + beta.sqrt() * eps
