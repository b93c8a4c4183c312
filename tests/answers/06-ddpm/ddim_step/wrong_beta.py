# sigma from beta of t
def ddim_step(xt, t, s, eps_hat, z, schedule, eta=0.0):
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * at(schedule.beta, t, xt).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).clamp(min=0).sqrt() * eps_hat + sigma * z
