# the noise of the last step only
def q_sample(x0, t, eps, schedule):
    return at(schedule.alpha_bar, t, x0).sqrt() * x0 + at(schedule.beta, t, x0).sqrt() * eps
