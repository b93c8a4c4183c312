def encode_latents(first_stage, x, scale):
    with torch.inference_mode():
        z = first_stage.encode(x)[0].mul(scale)
    return z.clone()
