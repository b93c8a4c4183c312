# x0_hat itself, without any noise put back
def ddim_step(xt, t, s, eps_hat, z, schedule, eta=0.0):
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return x0_hat
