# the noise of all steps at once, on one step's mean
def forward_step(x, t, eps, schedule):
    return at(schedule.alpha, t, x).sqrt() * x + (1 - at(schedule.alpha_bar, t, x)).sqrt() * eps
