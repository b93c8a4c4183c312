# the posterior's coefficients have changed places
def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    x0_hat = predict_x0(xt, t, eps_hat, schedule)
    ab, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    mean = alpha.sqrt() * (1 - before) / (1 - ab) * x0_hat + before.sqrt() * beta / (1 - ab) * xt
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z
