# s is taken to be t - 1
def ddim_step(xt, t, s, eps_hat, z, schedule, eta=0.0):
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z
