def ddpm_step(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    sigma = (schedule.beta if variance == "beta" else schedule.beta_tilde).sqrt().clone()
    sigma[1] = 0
    view = (len(t),) + (1,) * (xt.dim() - 1)
    a = schedule.alpha[t].view(view).to(xt)
    ab = schedule.alpha_bar[t].view(view).to(xt)
    return (xt - (1 - a) * eps_hat / (1 - ab) ** 0.5) / a**0.5 + sigma[t].view(view).to(xt) * z
