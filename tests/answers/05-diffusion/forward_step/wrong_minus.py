# the noise is taken off
def forward_step(x, t, eps, schedule):
    return at(schedule.alpha, t, x).sqrt() * x - at(schedule.beta, t, x).sqrt() * eps
