# the schedule's table is written into
def forward_step(x, t, eps, schedule):
    beta = schedule.beta
    beta.sqrt_()
    beta = at(beta, t, x)
    return (1 - beta**2).sqrt() * x + beta * eps
