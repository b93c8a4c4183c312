# the variance beta in place of the standard deviation
def forward_step(x, t, eps, schedule):
    beta = at(schedule.beta, t, x)
    return (1 - beta).sqrt() * x + beta * eps
