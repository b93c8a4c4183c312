def forward_step(x, t, eps, schedule):
    return at(schedule.alpha, t, x) ** 0.5 * x + at(schedule.beta, t, x) ** 0.5 * eps
