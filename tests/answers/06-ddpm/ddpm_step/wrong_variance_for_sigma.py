# the variance in place of the standard deviation
def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    beta, alpha, alpha_bar = (at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar))
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var * z
