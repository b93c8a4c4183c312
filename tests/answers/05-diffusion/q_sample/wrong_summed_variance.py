# the variances are added without being shrunk
def q_sample(x0, t, eps, schedule):
    variance = at(schedule.beta.cumsum(0), t, x0)
    return at(schedule.alpha_bar, t, x0).sqrt() * x0 + variance.sqrt() * eps
