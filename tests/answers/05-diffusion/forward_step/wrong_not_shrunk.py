# noise is added and x is not made smaller
def forward_step(x, t, eps, schedule):
    return x + at(schedule.beta, t, x).sqrt() * eps
