# both square roots are missing
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return bar * x0 + (1 - bar) * eps
