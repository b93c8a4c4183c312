# x is changed in place
def forward_step(x, t, eps, schedule):
    x *= at(schedule.alpha, t, x).sqrt()
    x += at(schedule.beta, t, x).sqrt() * eps
    return x
