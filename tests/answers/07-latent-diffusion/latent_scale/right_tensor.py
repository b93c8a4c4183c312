def latent_scale(first_stage, x):
    return first_stage.encode(x)[0].detach().double().var().rsqrt()
